//! Pictures to numbers and back on the device, as the processor does it.

use crate::support::{IDENTITY, context, draw, input, layer, media, picture, plan};
use montage_ai::{
    base::{
        ColorTags, Picture, PixelFormat, Rotation,
        color::{Matrix, Range},
    },
    engine::{picture_of, planes_of},
    gpu::{CpuRenderer, DevicePicture, GpuRenderer, Numbers, Output, Part, Rendered, Renderer, TensorPasses},
    ml::Planes,
};

/// Numbers of a tensor with rows that are longer than the part, channel by channel or, as convolutions leave them, pixel by pixel.
struct Tensor {
    buffer: wgpu::Buffer,
    steps: [u32; 3],
}

impl Tensor {
    fn new((width, height): (u32, u32), interleaved: bool) -> Self {
        let usage = wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::COPY_SRC;
        let size = u64::from(width * height * 12);
        let buffer = context().device.create_buffer(&wgpu::BufferDescriptor { label: None, size, usage, mapped_at_creation: false });
        Self { buffer, steps: if interleaved { [1, 3 * width, 3] } else { [width * height, width, 1] } }
    }

    fn numbers(&self) -> Numbers<'_> {
        Numbers { buffer: self.buffer.as_entire_binding(), steps: self.steps }
    }

    fn read(&self) -> Vec<f32> {
        let (device, queue) = (&context().device, &context().queue);
        let usage = wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST;
        let size = self.buffer.size();
        let back = device.create_buffer(&wgpu::BufferDescriptor { label: None, size, usage, mapped_at_creation: false });
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        encoder.copy_buffer_to_buffer(&self.buffer, 0, &back, 0, size);
        queue.submit([encoder.finish()]);
        back.map_async(wgpu::MapMode::Read, .., |r| r.unwrap());
        device.poll(wgpu::PollType::wait_indefinitely()).unwrap();
        let bytes = back.get_mapped_range(..).unwrap().to_vec();
        bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect()
    }

    fn at(&self, data: &[f32], channel: u32, x: u32, y: u32) -> f32 {
        data[(channel * self.steps[0] + y * self.steps[1] + x * self.steps[2]) as usize]
    }
}

fn whole((columns, rows): (u32, u32)) -> Part {
    Part { left: 0, top: 0, columns, rows }
}

/// Every layout, turned and mirrored, of a size with odd sides.
fn pictures() -> impl Iterator<Item = Picture> {
    let turns = [Rotation::None, Rotation::Cw90, Rotation::Cw180, Rotation::Cw270, Rotation::Flip, Rotation::FlipCw90, Rotation::FlipCw270];
    PixelFormat::ALL.into_iter().zip(turns.into_iter().cycle()).flat_map(|(format, turn)| {
        [(Matrix::Bt709, Range::Limited), (Matrix::Bt2020, Range::Full)].map(move |(matrix, range)| {
            let color = if format.is_rgb() { ColorTags::SRGB } else { ColorTags { matrix, range, ..ColorTags::BT709 } };
            let max = (1u32 << format.bits()) - 1;
            let made = picture(format, 21, 13, color, |p, x, y| {
                let v = (p as u32 * 31 + x * 37 + y * 101 + x * y) * (max / 255) % (max + 1);
                if format.is_rgb() && x % 4 == 3 { max as u16 } else { v as u16 }
            });
            Picture { rotation: turn, ..made }
        })
    })
}

#[test]
fn parts_of_pictures_of_every_layout_become_the_numbers_that_the_processor_makes_of_them() {
    let mut passes = TensorPasses::new(context()).unwrap();
    for picture in pictures() {
        let wanted = planes_of(&picture).unwrap();
        let source = passes.source(&picture).unwrap();
        let size = source.size();
        assert_eq!(size, (wanted.width as u32, wanted.height as u32));
        for (interleaved, (left, top), (columns, rows)) in
            [(false, (0, 0), size), (true, (3, 2), (9, 7)), (false, (5, 4), (size.0, size.1))]
        {
            let tensor = Tensor::new((columns, rows), interleaved);
            passes.pack(&source, Part { left, top, columns, rows }, &tensor.numbers());
            let data = tensor.read();
            // beyond the picture it is mirrored as the processor mirrors it
            let around = wanted.grown((size.0 as usize + 8, size.1 as usize + 8)).unwrap();
            let mut worst = 0.0_f32;
            for (c, y, x) in (0..3).flat_map(|c| (0..rows).flat_map(move |y| (0..columns).map(move |x| (c, y, x)))) {
                let made = tensor.at(&data, c, x, y);
                worst = worst.max((made - around.row(c as usize, (top + y) as usize)[(left + x) as usize]).abs());
            }
            assert!(worst < 2e-6, "{:?} {:?} {interleaved}: {worst}", picture.format, picture.rotation);
        }
    }
}

/// Planes as a network makes them, beyond 0 to 1 in places.
fn made(width: usize, height: usize) -> Planes {
    let data = (0..width * height * 3).map(|i| 0.5 + 0.6 * (i as f32 * 0.37).sin()).collect();
    Planes { width, height, channels: 3, data }
}

#[test]
fn numbers_become_the_code_values_that_the_processor_makes_of_them_and_only_inside_the_part() {
    let passes = TensorPasses::new(context()).unwrap();
    let planes = made(19, 11);
    for (format, interleaved) in [(PixelFormat::Rgba8, false), (PixelFormat::Rgba16, true)] {
        let tensor = Tensor::new((19, 11), interleaved);
        let mut data = vec![0.0_f32; 19 * 11 * 3];
        for (c, y, x) in (0..3).flat_map(|c| (0..11).flat_map(move |y| (0..19).map(move |x| (c, y, x)))) {
            let at = c * tensor.steps[0] + y * tensor.steps[1] + x * tensor.steps[2];
            data[at as usize] = planes.row(c as usize, y as usize)[x as usize];
        }
        context().queue.write_buffer(&tensor.buffer, 0, bytemuck::cast_slice(&data));
        let out = DevicePicture::new(context(), format, (40, 30), ColorTags::SRGB).unwrap();
        passes.unpack(&tensor.numbers(), (0, 0), &out, whole((19, 11)));
        // of the same tensor a part, to another place
        passes.unpack(&tensor.numbers(), (4, 3), &out, Part { left: 21, top: 15, columns: 10, rows: 6 });
        assert!(!out.was_read());
        let read = out.read().unwrap();
        let (wanted, size) = (picture_of(&planes, format, ColorTags::SRGB).unwrap(), 4 * format.bytes_per_sample());
        for y in 0..11 {
            let row = &read.row(0, y)[..19 * size];
            assert!(row.iter().zip(wanted.row(0, y)).all(|(a, b)| a == b), "{format:?}, row {y}");
        }
        for y in 0..30 {
            let beyond = &read.row(0, y)[if y < 11 { 19 * size } else { 0 }..];
            for x in 0..beyond.len() / size {
                let at = x + if y < 11 { 19 } else { 0 };
                let inside = (15..21).contains(&y) && (21..31).contains(&at);
                let texel = &beyond[x * size..(x + 1) * size];
                if inside {
                    let from = (at as u32 - 21 + 4) as usize * size;
                    assert_eq!(texel, &wanted.row(0, y - 15 + 3)[from..from + size]);
                } else {
                    assert!(texel.iter().all(|v| *v == 0), "{format:?} {at},{y}");
                }
            }
        }
    }
}

#[test]
fn a_picture_on_the_device_is_drawn_from_there_and_by_the_processor_as_well() {
    let passes = TensorPasses::new(context()).unwrap();
    let mut gpu = GpuRenderer::new(context()).unwrap();
    for format in [PixelFormat::Rgba8, PixelFormat::Rgba16] {
        let planes = made(32, 18);
        let tensor = Tensor::new((32, 18), false);
        context().queue.write_buffer(&tensor.buffer, 0, bytemuck::cast_slice(&planes.data));
        let out = DevicePicture::new(context(), format, (32, 18), ColorTags::SRGB).unwrap();
        passes.unpack(&tensor.numbers(), (0, 0), &out, whole((32, 18)));
        gpu.adopt(&out);
        let p = plan(32, 18, vec![layer(vec![input(media(0), IDENTITY, (32, 18), 1.0)])]);
        let Ok(Rendered::Texture(_)) = gpu.render(&p, &mut |_| Some(out.picture().clone()), Output::Display) else { panic!("a texture") };
        assert!(!out.was_read(), "nothing came to memory");
        let shown = draw(&mut gpu, &p, &[out.picture().clone()], Output::Planes(PixelFormat::Rgba8));
        assert!(!out.was_read());
        let direct = draw(&mut gpu, &p, &[picture_of(&planes, format, ColorTags::SRGB).unwrap()], Output::Planes(PixelFormat::Rgba8));
        assert_eq!((*shown.data).as_ref(), (*direct.data).as_ref(), "{format:?}");
        let on_processor = draw(&mut CpuRenderer::new(), &p, &[out.picture().clone()], Output::Planes(PixelFormat::Rgba8));
        assert!(out.was_read());
        let worst = (*shown.data).as_ref().iter().zip((*on_processor.data).as_ref()).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(worst <= Some(1), "{format:?}: {worst:?}");
    }
    let large = context().device.limits().max_texture_dimension_2d + 1;
    assert!(DevicePicture::new(context(), PixelFormat::Rgba8, (large, 4), ColorTags::SRGB).is_err());
}
